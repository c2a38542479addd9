/** The extension: it starts the language server of cardlint for Python files; the server does everything else. */

import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

import { failure, launch } from "./launch";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("cardlint.restart", restart),
    vscode.workspace.onDidChangeConfiguration((event) => (event.affectsConfiguration("cardlint.path") ? restart() : undefined)),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
  client = undefined;
}

async function restart(): Promise<void> {
  await deactivate();
  await start();
}

async function start(): Promise<void> {
  const server: ServerOptions = launch(vscode.workspace.getConfiguration("cardlint").get("path", ""));
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: "python" },
      { scheme: "untitled", language: "python" },
    ],
  };
  const made = new LanguageClient("cardlint", "cardlint", server, options);
  try {
    await made.start();
    client = made;
  } catch (problem) {
    void vscode.window.showErrorMessage(failure(server.command, problem));
  }
}
