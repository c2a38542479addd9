"""Chat bots: users, guilds and channels."""

from __future__ import annotations

from cardlint.knowledge.rows import CHATTER, LOG, below, bounded, deployment, leads, people, unbounded
from cardlint.knowledge.schema import Library, Shape

CONTEXT = "discord.ext.commands.Context"
EVENTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("on_message", (("#0", "discord.Message"),)),
    ("on_message_delete", (("#0", "discord.Message"),)),
    ("on_command", (("#0", CONTEXT),)),
    ("on_command_completion", (("#0", CONTEXT),)),
    ("on_command_error", (("#0", CONTEXT), ("#1", "builtins.BaseException"))),
    ("on_member_join", (("#0", "discord.Member"),)),
    ("on_member_remove", (("#0", "discord.Member"),)),
    ("on_interaction", (("#0", "discord.Interaction"),)),
)
"""Events of discord.py and what their handlers get (discord.py, API Reference: Event Reference; Commands: Event Reference)."""
HANDLERS = (
    "discord.Client.event",
    "discord.ext.commands.Bot.event",
    "discord.ext.commands.Bot.listen()",
    "discord.ext.commands.Cog.listener()",
)
PYROGRAM = (
    *((f"on_{name}", "Message") for name in ("message", "edited_message")),
    ("on_callback_query", "CallbackQuery"),
    ("on_inline_query", "InlineQuery"),
)
"""Decorators whose functions get the client and what was sent (Pyrogram 2.0, Decorators)."""
COMMANDS = (
    *("discord.ext.commands.command()", "discord.ext.commands.hybrid_command()"),
    *("discord.ext.commands.Bot.command()", "discord.ext.commands.Bot.hybrid_command()"),
)

LIBRARY = Library(
    packages=(
        "discord",
        "telegram",
        "telebot",
        "aiogram",
        "pyrogram",
        "telethon",
        "slack_bolt",
    ),
    rows=(
        *people(
            CHATTER,
            "discord.Member",
            "discord.User",
            *below("discord.Message.", "author", "author.id", "author.name", "id"),
            *below("discord.Interaction.", "user", "user.id", "id"),
            f"{CONTEXT}.author",
            *below("telebot.types.", "Message.from_user", "Message.chat.id", "CallbackQuery.from_user"),
            *below("pyrogram.types.", "Message.from_user", "CallbackQuery.from_user"),
            *below("telegram.Update.", "effective_user.id", "effective_chat.id", "effective_user.username"),
        ),
        *unbounded(
            "body",
            "text that a chat user sent",
            *below("discord.Message.", "content", "clean_content", "system_content"),
            *below("aiogram.types.", "CallbackQuery.data", "InlineQuery.query", "Message.text", "Message.caption"),
            *below("aiogram.types.Message.", "get_command()", "get_full_command()", "get_args()"),
            *below("telegram.Update.", "callback_query.data", "inline_query.query", "message.text", "effective_message.text"),
            *below("telegram.", "CallbackQuery.data", "Message.text", "ext.CallbackContext.args[]"),
            *below("pyrogram.types.", "Message.text", "Message.caption", "CallbackQuery.data", "InlineQuery.query"),
            *below("telethon.event.", "text", "raw_text", "data"),
            *below("telebot.types.", "Message.text", "Message.caption", "CallbackQuery.data"),
            advice=LOG,
        ),
        *deployment(
            "config",
            "the account of the bot itself",
            *below("aiogram.Bot.", "me()", "get_me()", "_me", "id"),
            *below("telegram.Bot.", "get_me()", "bot", "username", "first_name", "name", "id"),
            "discord.Client.user",
            deep=True,
        ),
        *bounded(
            50,
            "command",
            "a command of the bot",
            "discord.Interaction.command.name",
            "discord.Interaction.command.qualified_name",
            "discord.ext.commands.Context.command.name",
            "discord.ext.commands.Context.command.qualified_name",
        ),
        *unbounded("body", "text that a chat user typed", "discord.ext.commands.Context.invoked_with", advice=LOG),
        *deployment(
            "inventory",
            "a guild",
            "discord.Message.guild.id",
            "discord.Message.guild.name",
            "discord.Interaction.guild.id",
        ),
        *unbounded(
            "identity",
            "a channel, which may be a thread or a direct message",
            "discord.Message.channel.id",
            "discord.Message.channel.name",
            "discord.Interaction.channel_id",
            advice="nothing: the name of a command or a category tells more",
        ),
        *unbounded(
            "identity",
            "a chat, or a message in one",
            *below("pyrogram.types.Message.", "id", "chat.id", "chat.title"),
            *below("telethon.event.", "id", "chat_id", "sender_id", "message.id"),
            advice=LOG,
        ),
        *leads((f"{CONTEXT}.message", "discord.Message"), ("telebot.types.CallbackQuery.message", "telebot.types.Message")),
    ),
    shapes=(
        *(Shape("discord", params, decorator=decorator, method=event) for decorator in HANDLERS for event, params in EVENTS),
        *(Shape("discord", (("#0", CONTEXT),), decorator=decorator) for decorator in COMMANDS),
        Shape("telegram", (("update", "telegram.Update"), ("context", "telegram.ext.CallbackContext")), signature=("update", "context")),
        *(
            Shape("pyrogram", (("#1", f"pyrogram.types.{sent}"),), decorator=f"pyrogram.Client.{decorator}()")
            for decorator, sent in PYROGRAM
        ),
        Shape("telethon", (("#0", "telethon.event"),), decorator="telethon.TelegramClient.on()"),
        *(
            Shape(
                "slack",
                (("message", "slack.event"), ("event", "slack.event"), ("body", "slack.body")),
                decorator=f"slack_bolt.{app}.message()",
            )
            for app in ("App", "async_app.AsyncApp")
        ),
        *(
            Shape("telebot", (("#0", f"telebot.types.{sent}"),), decorator=f"telebot.{bot}.{decorator}()")
            for bot in ("TeleBot", "async_telebot.AsyncTeleBot")
            for decorator, sent in (("message_handler", "Message"), ("callback_query_handler", "CallbackQuery"))
        ),
    ),
)
