import fc from "fast-check";
import { climaApp } from "../../../pipelines/clima-app.ts";
import { goodBodies } from "../generate/json-body.ts";
import { goodWireBodies } from "../generate/wire-body.ts";
import { formsOf } from "../model/field-form.ts";

/** The pipeline whose doors get raw bytes. */
export const rawPipeline = climaApp;

const forms = formsOf(rawPipeline.message);
const some = { numRuns: 50, seed: 3 };

/** Bodies that its HTTP routes take. */
export const goodJson: readonly Uint8Array[] = fc.sample(goodBodies(forms), some);

/** Messages that its method takes. */
export const goodWire: readonly Uint8Array[] = fc.sample(goodWireBodies(forms), some);

/** Its method. */
export const methodPath = "/weathertweet.WeatherTweetService/SendTweet";
