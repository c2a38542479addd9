"""Chat bots: users, guilds and channels."""

from __future__ import annotations

from cardlint.knowledge.rows import CHATTER, LOG, below, bounded, deployment, leads, people, unbounded
from cardlint.knowledge.schema import Library, Shape

CONTEXT, GUILD, COMMAND = "discord.ext.commands.Context", "discord.Guild", "discord.ext.commands.Command"
INTERACTION = "discord.Interaction"
EVENTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("on_message", (("#0", "discord.Message"),)),
    ("on_message_delete", (("#0", "discord.Message"),)),
    ("on_command", (("#0", CONTEXT),)),
    ("on_command_completion", (("#0", CONTEXT),)),
    ("on_command_error", (("#0", CONTEXT), ("#1", "builtins.BaseException"))),
    ("on_member_join", (("#0", "discord.Member"),)),
    ("on_member_remove", (("#0", "discord.Member"),)),
    ("on_interaction", (("#0", INTERACTION),)),
    ("on_app_command_completion", (("#0", INTERACTION), ("#1", COMMAND))),
    ("on_guild_join", (("#0", GUILD),)),
    ("on_guild_remove", (("#0", GUILD),)),
    ("on_message_edit", (("#0", "discord.Message"), ("#1", "discord.Message"))),
    ("on_reaction_add", (("#1", "discord.Member"),)),
    ("on_reaction_remove", (("#1", "discord.Member"),)),
    ("on_voice_state_update", (("#0", "discord.Member"),)),
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
CHATS = ("telegram.Chat", "aiogram.types.Chat", "pyrogram.types.Chat")
AIOGRAM = (
    *(
        (name, "Message")
        for name in ("message", "edited_message", "channel_post", "edited_channel_post", "business_message", "edited_business_message")
    ),
    ("callback_query", "CallbackQuery"),
    ("inline_query", "InlineQuery"),
)
"""Decorators of routers and what their functions get (aiogram 3, Router and `dispatcher/router.py`)."""
BOLT = (("event", ("event", "body")), ("command", ("command", "body")), ("action", ("body",)), ("shortcut", ("body",)), ("view", ("body",)))
"""Decorators of an app and the arguments of their functions that are about a request (Bolt for Python, `kwargs_injection/args.py`)."""

REGISTERED = (
    *((name, "#1") for name in ("CommandHandler", "MessageHandler", "PrefixHandler", "TypeHandler")),
    *((name, "#0") for name in ("CallbackQueryHandler", "InlineQueryHandler", "ChatMemberHandler", "ChatJoinRequestHandler")),
)
"""Classes that get a function, and its position (python-telegram-bot 22.8, `ext/_handlers`); its parameters may have any names."""

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
            *below("telegram.Update.", "effective_user", "effective_user.id", "effective_user.username"),
            *(f"telegram.{owner}.from_user" for owner in ("Message", "CallbackQuery", "InlineQuery")),
            *(f"aiogram.types.{owner}.from_user" for owner in ("Message", "CallbackQuery", "InlineQuery")),
            "aiogram.types.User",
            "telegram.User",
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
            *below(COMMAND, ".name", ".qualified_name", ".cog_name", ".module"),
            f"{COMMAND}.parent.name",
            *below(CONTEXT, ".command", ".cog.qualified_name"),
        ),
        *bounded(5, "message-type", "kind of an interaction", *below(f"{INTERACTION}.type", ".name", ".value")),
        *unbounded(
            "body",
            "what a chat user chose or typed",
            *below(INTERACTION, ".data[custom_id]", ".data[values]", ".data[options]"),
            advice=LOG,
        ),
        *unbounded("body", "text that a chat user typed", "discord.ext.commands.Context.invoked_with", advice=LOG),
        *deployment(
            "inventory",
            "a guild",
            *below(GUILD, ".id", ".name"),
            f"{INTERACTION}.guild_id",
        ),
        *unbounded(
            "identity",
            "a channel, which may be a thread or a direct message",
            "discord.Message.channel.id",
            "discord.Message.channel.name",
            *below(INTERACTION, ".channel_id", ".channel.id", ".channel.name"),
            *below(CONTEXT, ".channel.id", ".channel.name"),
            advice="nothing: the name of a command or a category tells more",
        ),
        *unbounded(
            "identity",
            "a chat, or a message in one",
            *below("pyrogram.types.Message.", "id", "chat.id", "chat.title"),
            *below("telethon.event.", "id", "chat_id", "sender_id", "message.id"),
            *(f"{chat}.{name}" for chat in CHATS[:2] for name in ("id", "title", "username", "full_name")),
            "pyrogram.types.Chat.id",
            *below("telegram.", "Message.message_id", "Message.id", "Message.chat_id", "Update.update_id", "CallbackQuery.id"),
            *below("aiogram.types.", "Message.message_id", "Update.update_id", "CallbackQuery.id"),
            advice=LOG,
        ),
        *bounded(5, "code-name", "kind of a chat", *(f"{chat}.type" for chat in CHATS)),
        *bounded(
            5,
            "code-name",
            "kind of a chat",
            "pyrogram.types.Message.chat.type",
            *below("pyrogram.types.Message.chat.type", ".name", ".value"),
        ),
        *bounded(100, "message-type", "kind of what was sent", "aiogram.types.Message.content_type", "aiogram.types.Update.event_type"),
        *leads(
            *((f"discord.{owner}.guild", GUILD) for owner in ("Message", "Interaction", "Member", "ext.commands.Context", "TextChannel")),
            *((f"discord.{bot}.guilds[*]", GUILD) for bot in ("Client", "ext.commands.Bot")),
            *((f"{owner}.command", COMMAND) for owner in (INTERACTION,)),
            *((f"{CONTEXT}.command.{name}", f"{COMMAND}.{name}") for name in ("name", "qualified_name", "cog_name", "parent.name")),
            (f"{CONTEXT}.interaction", INTERACTION),
            *((f"telegram.Update.{name}", "telegram.Chat") for name in ("effective_chat",)),
            *(
                (f"telegram.Update.{name}", "telegram.Message")
                for name in ("message", "effective_message", "edited_message", "channel_post")
            ),
            ("telegram.Update.callback_query", "telegram.CallbackQuery"),
            ("telegram.Message.chat", "telegram.Chat"),
            ("telegram.CallbackQuery.message", "telegram.Message"),
            ("telegram.ext.CallbackContext.error", "builtins.BaseException"),
            ("telegram.ext.CallbackContext.bot", "telegram.Bot"),
            ("aiogram.types.Message.chat", "aiogram.types.Chat"),
            ("aiogram.types.CallbackQuery.message", "aiogram.types.Message"),
        ),
        *leads((f"{CONTEXT}.message", "discord.Message"), ("telebot.types.CallbackQuery.message", "telebot.types.Message")),
    ),
    shapes=(
        *(Shape("discord", params, decorator=decorator, method=event) for decorator in HANDLERS for event, params in EVENTS),
        *(
            Shape("aiogram", (("#0", f"aiogram.types.{sent}"),), decorator=f"aiogram.{router}.{name}()")
            for router in ("Router", "Dispatcher")
            for name, sent in AIOGRAM
        ),
        *(
            Shape("slack", tuple((one, f"slack.{one}") for one in given), decorator=f"slack_bolt.{app}.{name}()", by_keyword=True)
            for app in ("App", "async_app.AsyncApp")
            for name, given in BOLT
        ),
        Shape("telegram", (("update", "telegram.Update"), ("context", "telegram.ext.CallbackContext")), signature=("update", "context")),
        *(
            Shape(
                "telegram",
                (("#0", "telegram.Update"), ("#1", "telegram.ext.CallbackContext")),
                passed=f"telegram.ext.{name}()",
                places=(place, "callback"),
            )
            for name, place in REGISTERED
        ),
        *(
            Shape("aiogram", (("#0", f"aiogram.types.{sent}"),), passed=f"aiogram.{router}.{name}.register()", places=("#0", "callback"))
            for router in ("Router", "Dispatcher")
            for name, sent in AIOGRAM
        ),
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
    aliases=(
        ("discord.interactions.Interaction", INTERACTION),
        ("discord.guild.Guild", GUILD),
        ("discord.app_commands.Command", COMMAND),
        ("discord.app_commands.ContextMenu", COMMAND),
        ("discord.ext.commands.HybridCommand", COMMAND),
        ("telegram.ext.ContextTypes.DEFAULT_TYPE", "telegram.ext.CallbackContext"),
        ("aiogram.types.message.Message", "aiogram.types.Message"),
        ("aiogram.types.callback_query.CallbackQuery", "aiogram.types.CallbackQuery"),
    ),
)
"""discord.py 2.7, API Reference: Interaction, Guild, Event Reference, and Commands: Context; python-telegram-bot 22.8, `Update`, `Message`,
`Chat`; aiogram 3.31, `types` and `enums`; Pyrogram 2.0, `enums/chat_type.py`; Slack API: slash commands."""
