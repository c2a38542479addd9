/** How the server is started. It needs nothing of the editor, so that a test can start the very same one. */

import { homedir } from "node:os";

export interface Launch {
  command: string;
  args: string[];
  options: { cwd: string };
}

/**
 * Return the command of the server: the configured executable, or the one on the PATH. It starts in the home folder of the user.
 * In the folder of the workspace, Windows would prefer an executable of that name there, and a checkout must not bring its own.
 */
export function launch(path: string): Launch {
  return { command: path.trim() || "cardlint", args: ["server"], options: { cwd: homedir() } };
}

/** Return what to tell the user when the server does not start. */
export function failure(command: string, problem: unknown): string {
  const why = problem instanceof Error ? problem.message : String(problem);
  return `\`${command} server\` does not start: ${why}. Install it with: pip install 'cardlint[lsp]', or set cardlint.path.`;
}
