import { zstdDecompressSync } from "node:zlib";
import { CompressionCodecs, CompressionTypes } from "kafkajs";
import { lz4Decompress } from "./lz4.ts";
import { snappyDecompress } from "./snappy.ts";

const reading = (decompress: (source: Buffer) => Buffer) => () => ({
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
  CompressionCodecs[CompressionTypes.ZSTD] = reading((source) => zstdDecompressSync(source));
}
