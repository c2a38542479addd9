"""Commands of Discord with options, for discord.py and its relatives: what a chat user types, and what the library checks."""

from __future__ import annotations

from cardlint.knowledge.rows import CHATTER, below, bounded, people
from cardlint.knowledge.schema import Library, Route, Shape

INTERACTION, CONTEXT = "discord.Interaction", "discord.ext.commands.Context"
TREE, GROUP = "discord.app_commands.CommandTree", "discord.app_commands.Group"
PREFIXED = (
    *("discord.ext.commands.command()", "discord.ext.commands.hybrid_command()"),
    *("discord.ext.commands.Bot.command()", "discord.ext.commands.Bot.hybrid_command()"),
)
SLASH = ("discord.app_commands.command()", f"{TREE}.command()", f"{GROUP}.command()")
"""Decorators of discord.py: the function gets a context or an interaction first, and the options of the user after it."""
RELATIVES = (
    *("discord.slash_command()", "discord.Client.slash_command()", "discord.Bot.slash_command()", "discord.ext.commands.slash_command()"),
    *("discord.ext.commands.Bot.slash_command()", "discord.ext.commands.InteractionBot.slash_command()", "interactions.slash_command()"),
)
"""Decorators of Pycord, nextcord, disnake and interactions.py; the function gets the interaction first."""

LIBRARY = Library(
    packages=("discord", "nextcord", "disnake", "interactions"),
    rows=(
        *people(CHATTER, f"{INTERACTION}.author"),
        *bounded(25, "command", "one of the choices of a command", *below("discord.app_commands.Choice", ".value", ".name")),
        *bounded(50, "command", "a command of the bot", *below(f"{INTERACTION}.application_command", ".name", ".qualified_name")),
        *bounded(35, "code-name", "a language of Discord", *below(f"{INTERACTION}.locale", "", ".value", ".name")),
    ),
    shapes=(
        *(Shape("discord", (("#0", CONTEXT),), decorator=decorator) for decorator in PREFIXED),
        *(Shape("discord", (("#0", INTERACTION),), decorator=decorator) for decorator in (*SLASH, "discord.app_commands.context_menu()")),
        *(Shape("discord", (("#0", INTERACTION),), decorator=decorator) for decorator in RELATIVES),
    ),
    routes=tuple(
        Route("discord", decorator, validates="annotations", others="query", injects="choices")
        for decorator in (*PREFIXED, *SLASH, *RELATIVES)
    ),
    aliases=(
        *((f"discord.ext.commands.{bot}.tree", TREE) for bot in ("Bot", "AutoShardedBot")),
        ("nextcord", "discord"),
        ("disnake", "discord"),
        *((f"discord.{name}", INTERACTION) for name in ("ApplicationContext", "ApplicationCommandInteraction", "CommandInteraction")),
        *((f"discord.{name}", INTERACTION) for name in ("AppCmdInter", "CmdInter", "CommandInter", "GuildCommandInteraction")),
        *((f"interactions.{name}", INTERACTION) for name in ("SlashContext", "InteractionContext")),
    ),
)
"""discord.py 2.7, `app_commands`; Pycord 2.8, nextcord 2.6, disnake 2 and interactions.py 5: Slash Commands. A choice is one of 25 at
most; where a program lists `choices` of an option whose type is a text, no option is said to be open."""
