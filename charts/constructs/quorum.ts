/**
 * The nodes of a server that decides by majority.
 *
 * @throws Error for a number that survives no more than a smaller one.
 */
export function quorumOf(name: string, nodes: number): 1 | 3 {
  if (nodes === 1 || nodes === 3) return nodes;
  throw new Error(
    `Cannot run ${name}: one node, or three of which two decide: current value of nodes is ${nodes}`,
  );
}
