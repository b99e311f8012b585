import type { Resources } from "./resources.ts";
import type { SecretKey } from "./service-env.ts";

/** What a `LoadGenerator` is made of. */
export interface LoadGeneratorProps {
  /** The pipeline whose scripts of `loadtest/` run. */
  readonly pipeline: string;

  /** Where requests go, such as `http://api-rust-service`: the way in, or the Ingress controller's Service. */
  readonly target: string;

  /**
   * Where the board answers, which says what was stored.
   * @default the target
   */
  readonly board?: string;

  /**
   * One of the script's routes by its name, `random`, or a path.
   * @default `random`
   */
  readonly route?: string;

  /**
   * The key that the users send, where one is needed.
   * @default none
   */
  readonly apiKey?: SecretKey;

  /**
   * How many users there are at a time.
   * @default 10
   */
  readonly users?: number;

  /**
   * How many requests a k6 job makes.
   * @default the script's own standard run
   */
  readonly requests?: number;

  /**
   * The name of Locust's workload; its Service has the same and `-service`.
   * @default `locust`
   */
  readonly name?: string;

  /**
   * The name of the suspended CronJob that k6 jobs are made from.
   * @default `k6`
   */
  readonly k6Name?: string;

  /**
   * The path that Locust's page answers under.
   * @default `/locust`
   */
  readonly path?: string;

  /**
   * How many more Locust pods make the requests, without a page; the one with the page then makes none.
   * @default 0
   */
  readonly workers?: number;

  /**
   * What a Locust container asks for and may take.
   * @default 100m and 128Mi requested, 1000m and 512Mi at most
   */
  readonly resources?: Resources;

  /**
   * What the k6 container asks for and may take.
   * @default 100m and 128Mi requested, 1000m and 512Mi at most
   */
  readonly k6Resources?: Resources;
}

const usersMax = 10_000;
const requestsMax = 10_000_000;
const workersMax = 100;

/**
 * Refuses addresses that are none, passwords in the clear, and numbers that no run can have.
 *
 * @throws Error naming the prop.
 */
export function refuseLoad(props: LoadGeneratorProps): void {
  const { pipeline, target, board = target, path = "/locust" } = props;
  for (const [name, value] of Object.entries({ target, board })) {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
      throw refusal(pipeline, name, "must be an http address such as http://host:8080", value);
    }
    if (url.password !== "") {
      throw new Error(`Cannot make load for ${pipeline}: ${name} has a password in the clear`);
    }
  }
  if (!/^(\/[\w-]+)+$/.test(path)) {
    throw refusal(pipeline, "path", "must be a path such as /locust", path);
  }
  const { users = 1, requests = 1, workers = 0 } = props;
  whole(pipeline, "users", users, [1, usersMax]);
  whole(pipeline, "requests", requests, [1, requestsMax]);
  whole(pipeline, "workers", workers, [0, workersMax]);
}

function whole(
  pipeline: string,
  name: string,
  value: number,
  [least, most]: readonly [number, number],
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw refusal(pipeline, name, `must be a whole number from ${least} to ${most}`, `${value}`);
}

function refusal(pipeline: string, name: string, why: string, value: string): Error {
  return new Error(`Cannot make load for ${pipeline}: ${name} ${why}: current value is "${value}"`);
}
