import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { CompressionCodecs, CompressionTypes } from "kafkajs";
import { lz4Decompress } from "./lz4.ts";
import { snappyDecompress } from "./snappy.ts";

type Decompress = (source: Buffer) => Buffer;

/** What one compressed batch may grow to, as in `growing-buffer.ts`. */
const limits = { maxOutputLength: 268_435_456 };

const unzip: Decompress = (source) => gunzipSync(source, limits);
const unzstd: Decompress = (source) => zstdDecompressSync(source, limits);

/** How a batch is read, by the number of its codec. */
export const decompressors: readonly Decompress[] = [
  (source) => source,
  unzip,
  snappyDecompress,
  lz4Decompress,
  unzstd,
];

const reading = (decompress: Decompress) => () => ({
  compress: () => Promise.reject(new Error("Cannot compress a batch: only reading is supported")),
  decompress: async (source: Buffer) => decompress(source),
});

/**
 * Gives kafkajs the codecs that it lacks, for reading. Without them one compressed message of a foreign producer stops
 * its consumer for good.
 */
export function registerCodecs(): void {
  CompressionCodecs[CompressionTypes.Snappy] = reading(snappyDecompress);
  CompressionCodecs[CompressionTypes.LZ4] = reading(lz4Decompress);
  CompressionCodecs[CompressionTypes.ZSTD] = reading(unzstd);
}
