import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";

/** The client's half of a conversation that proves a password without saying it (RFC 5802, without channel binding). */
export interface Scram {
  /** What the client says first. */
  readonly begin: string;
  /**
   * What it says to the server's answer.
   *
   * @throws Error for an answer to somebody else, or one that asks for too much or too little work.
   */
  answer(serverFirst: string): string;
  /**
   * Hears the server out.
   *
   * @throws Error when the server does not know the password either.
   */
  end(serverFinal: string): void;
}

/** Fewer rounds protect little, RFC 7677; more would hold up everything else. */
const roundsMin = 4_096;
const roundsMax = 1_000_000;

const keyBytes = { sha256: 32, sha512: 64 } as const;

/** Begins a conversation; `nonce` is for tests. */
export function scram(
  hash: keyof typeof keyBytes,
  username: string,
  password: string,
  nonce = randomBytes(18).toString("base64"),
): Scram {
  const name = username.replaceAll("=", "=3D").replaceAll(",", "=2C");
  const clientFirst = `n=${name},r=${nonce}`;
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  let signature: Buffer | undefined;
  return {
    begin: `n,,${clientFirst}`,
    answer(serverFirst) {
      const { r: both = "", s: salt = "", i: rounds = "" } = partsOf(serverFirst);
      if (!both.startsWith(nonce)) throw new Error("it answers somebody else's login");
      const count = Number(rounds);
      if (!Number.isInteger(count) || count < roundsMin || count > roundsMax) {
        throw new Error(
          `it must ask for ${roundsMin} to ${roundsMax} rounds: current value is ${rounds}`,
        );
      }
      const bare = `c=biws,r=${both}`;
      const said = `${clientFirst},${serverFirst},${bare}`;
      const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), count, keyBytes[hash], hash);
      const clientKey = hmac(salted, "Client Key");
      const proof = hmac(createHash(hash).update(clientKey).digest(), said);
      for (const [at, byte] of clientKey.entries()) proof[at] = (proof[at] ?? 0) ^ byte;
      signature = hmac(hmac(salted, "Server Key"), said);
      return `${bare},p=${proof.toString("base64")}`;
    },
    end(serverFinal) {
      const theirs = Buffer.from(partsOf(serverFinal).v ?? "", "base64");
      if (signature?.length !== theirs.length || !timingSafeEqual(signature, theirs)) {
        throw new Error("it does not know the password either");
      }
    },
  };
}

function partsOf(message: string): Readonly<Record<string, string>> {
  return Object.fromEntries(message.split(",").map((part) => [part.slice(0, 1), part.slice(2)]));
}
