/** How the server is started. It needs nothing of the editor, so that a test can start the very same one. */

export interface Launch {
  command: string;
  args: string[];
}

/** Return the command of the server: the configured executable, or the one on the PATH. */
export function launch(path: string): Launch {
  return { command: path.trim() || "cardlint", args: ["server"] };
}

/** Return what to tell the user when the server does not start. */
export function failure(command: string, problem: unknown): string {
  const why = problem instanceof Error ? problem.message : String(problem);
  return `\`${command} server\` does not start: ${why}. Install it with: pip install 'cardlint[lsp]', or set cardlint.path.`;
}
