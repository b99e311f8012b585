import { expect, test } from "bun:test";
import { jsonFields } from "./json-fields.ts";

test("jsonFields() reads whole numbers, texts and numbers as texts", () => {
  const fields = jsonFields({ degrees: 2.0, zero: -0, name: "Mixco", year: 1990 });
  expect(fields.whole("degrees", -50, 60)).toBe(2);
  expect(Object.is(fields.whole("zero", -1, 1), 0)).toBe(true);
  expect(fields.text("name", 5)).toBe("Mixco");
  expect(fields.text("year", 4)).toBe("1990");
  expect(fields.value("nothing")).toBeUndefined();
});

test("jsonFields() refuses what is no object", () => {
  for (const json of [null, [], "text", 1]) {
    expect(() => jsonFields(json)).toThrow("must be a JSON object");
  }
});

test("jsonFields() knows only members of the object itself", () => {
  expect(jsonFields({}).value("toString")).toBeUndefined();
  expect(() => jsonFields({}).text("constructor", 10)).toThrow("constructor must be a text");
});

test("jsonFields() names the field, what it must be and what it is", () => {
  const fields = jsonFields({
    degrees: "25",
    half: 0.5,
    name: "",
    long: "x".repeat(500),
    no: true,
  });
  expect(() => fields.whole("degrees", 0, 9)).toThrow(
    'degrees must be a whole number from 0 to 9: current value is "25"',
  );
  expect(() => fields.whole("half", 0, 9)).toThrow("current value is 0.5");
  expect(() => fields.text("name", 9)).toThrow(
    'name must be a text of 1 to 9 characters: current value is ""',
  );
  expect(() => fields.text("no", 9)).toThrow("current value is true");
  expect(() => fields.text("long", 9)).toThrow(/x{50}/);
});
