import type { Waiver } from "../../charts/waivers.ts";

const head = `# What the linters of the manifests may go on saying

\`bun run lint:manifests\` lints \`dist/\` by checkov, by kube-score and by the built-in checks of kube-linter, which are
rules of ours in \`tools/lint-manifests/rules/\`; where kube-linter itself is in PATH, it runs as well. Whatever they find
is mended in \`charts/\` or stands in this list; an entry that covers nothing any more is a fault too. The list is
\`charts/waivers.ts\`, and this page is written from it:

\`\`\`sh
bun tools/lint-manifests/main.ts --page > docs/cluster/waivers.md
\`\`\`

| checks | objects | why it stays |
|---|---|---|
`;

/** The page that tells the waivers. */
export function waiversPage(waivers: readonly Waiver[]): string {
  return head + waivers.map(row).join("");
}

function row({ checks, objects, reason }: Waiver): string {
  const named = Object.entries(checks).map(
    ([linter, names]) => `${linter} ${names.map(code).join(", ")}`,
  );
  return `| ${named.join("; ")} | ${objects?.map(code).join(", ") ?? "all"} | ${reason} |\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}
