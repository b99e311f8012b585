import { expect, test } from "bun:test";
import { scram } from "./scram.ts";

// The conversation of RFC 7677, section 3.
const nonce = "rOprNGfwEbeRWgbNEkqO";
const serverFirst = `r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
const serverFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
const begin = () => scram("sha256", "user", "pencil", nonce);

test("scram() says what the standard's example says", () => {
  const talk = begin();
  expect(talk.begin).toBe(`n,,n=user,r=${nonce}`);
  expect(talk.answer(serverFirst)).toBe(
    `c=biws,r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`,
  );
  expect(() => talk.end(serverFinal)).not.toThrow();
});

test("scram() believes no server that does not know the password", () => {
  const talk = begin();
  talk.answer(serverFirst);
  for (const claim of ["v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "v=", "e=other-error"]) {
    expect(() => talk.end(claim)).toThrow("it does not know the password either");
  }
});

test("scram() hears no answer to somebody else", () => {
  expect(() => begin().answer("r=else,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")).toThrow(
    "it answers somebody else's login",
  );
});

test("scram() does neither too little work nor without end", () => {
  for (const rounds of [1, 4_095, 1_000_001, "many"]) {
    expect(() => begin().answer(`r=${nonce}x,s=AAAA,i=${rounds}`)).toThrow(
      `it must ask for 4096 to 1000000 rounds: current value is ${rounds}`,
    );
  }
});

test("scram() keeps a user's comma and equals sign apart from its own", () => {
  expect(scram("sha512", "a=b,c", "p", "n").begin).toBe("n,,n=a=3Db=2Cc,r=n");
});
