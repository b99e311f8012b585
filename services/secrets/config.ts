import { httpUrl, integer, optional, required, text } from "../../lib/config.ts";

/** A Secret to be made where it is missing. */
export interface SecretPlan {
  /** The Secret's name. */
  readonly name: string;

  /** Keys whose values are random passwords. */
  readonly random: readonly string[];

  /** Keys whose values are made of others: text in which `{{key}}` stands for a random value of the same Secret. */
  readonly derived: Readonly<Record<string, string>>;
}

/** Where Kubernetes puts what a pod needs to ask its API server. */
const mounted = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What the maker of Secrets reads from its environment; its charts are typed by this table. */
export const spec = {
  /** The Secrets, as JSON: a list of `SecretPlan`. */
  PLAN: required(plans),
  /** How many characters a password has, each of 64 that need no quoting in a URL. */
  PASSWORD_LENGTH: optional(integer(16, 128), 32),
  /** Where the API server is. */
  API_URL: optional(httpUrl, new URL("https://kubernetes.default.svc")),
  /** The file of the account's token. */
  TOKEN_FILE: optional(text, `${mounted}/token`),
  /** The file of the authority that signed the API server's certificate. */
  CA_FILE: optional(text, `${mounted}/ca.crt`),
  /** The file of the namespace in which Secrets are made. */
  NAMESPACE_FILE: optional(text, `${mounted}/namespace`),
};

/** The places of random values in a derived one. */
export const places = /\{\{([^}]*)\}\}/g;

const nameForm = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const keyForm = /^[-._a-zA-Z0-9]{1,253}$/;

function plans(raw: string): readonly SecretPlan[] {
  const read: unknown = JSON.parse(raw);
  if (!Array.isArray(read) || !read.every(isPlan)) {
    throw new Error("must be a list of Secrets, each with name, random and derived");
  }
  for (const plan of read) refusePlan(plan);
  const names = read.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`must name a Secret once, and names ${twice} again`);
  return read;
}

function isPlan(value: unknown): value is SecretPlan {
  if (typeof value !== "object" || value === null) return false;
  const { name, random, derived } = value as Record<string, unknown>;
  return (
    typeof name === "string" &&
    Array.isArray(random) &&
    random.every((key) => typeof key === "string") &&
    typeof derived === "object" &&
    derived !== null &&
    Object.values(derived).every((each) => typeof each === "string")
  );
}

function refusePlan({ name, random, derived }: SecretPlan): void {
  if (!nameForm.test(name)) throw new Error(`must name Secrets as Kubernetes does, not "${name}"`);
  const keys = [...random, ...Object.keys(derived)];
  const bad = keys.find((key, at) => !keyForm.test(key) || keys.indexOf(key) !== at);
  if (bad !== undefined) throw new Error(`must give ${name} fit keys, each once, not "${bad}"`);
  for (const [key, value] of Object.entries(derived)) {
    for (const [, place = ""] of value.matchAll(places)) {
      if (!random.includes(place)) {
        throw new Error(`must make ${name}'s ${key} of its random values, not of "${place}"`);
      }
    }
  }
}
