import { create } from "@bufbuild/protobuf";
import { WeatherTweetRequestSchema } from "../../../gen/weathertweet/weathertweet_pb.ts";
import { climaApp } from "../../../pipelines/clima-app.ts";
import type { EventId } from "../../event/event-id.ts";
import { fingerprint } from "../../event/fingerprint.ts";
import type { FoldEvent } from "../store.ts";
import { eventOf } from "./fold-events.ts";

/** A weather tweet as numbers: municipality and weather 1 to 4. */
export interface Tweet {
  readonly municipality: number;
  readonly temperature: number;
  readonly humidity: number;
  readonly weather: number;
}

/** The event that a tweet becomes in the pipeline `clima-app`. */
export function climaEvent(id: EventId, tweet: Tweet): FoldEvent {
  const message = create(WeatherTweetRequestSchema, tweet);
  return eventOf(climaApp.fold({ id, message }), {
    id,
    fingerprint: fingerprint(WeatherTweetRequestSchema, message),
  });
}
