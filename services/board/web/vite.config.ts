import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// biome-ignore lint/style/noDefaultExport: Vite reads its configuration so.
export default defineConfig({
  // Relative addresses: the page works below whatever path leads to it.
  base: "./",
  plugins: [vue()],
  build: {
    // Nothing is put into the page as `data:`, and no script stands in the HTML: the content security policy forbids it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Vue's templates take the longest, on whatever machine.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  server: { proxy: { "/api": "http://localhost:8080" } },
});
