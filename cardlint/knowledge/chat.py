"""Chat bots: users, guilds and channels."""

from __future__ import annotations

from cardlint.knowledge.rows import CHATTER, LOG, below, bounded, deployment, people, unbounded
from cardlint.knowledge.schema import Library

LIBRARY = Library(
    packages=(
        "discord",
        "telegram",
        "aiogram",
    ),
    rows=(
        *people(
            CHATTER,
            "discord.Member",
            "discord.User",
            *below("discord.Message.", "author", "author.id", "author.name", "id"),
            *below("discord.Interaction.", "user", "user.id", "id"),
            *below("telegram.Update.", "effective_user.id", "effective_chat.id", "effective_user.username"),
        ),
        *unbounded(
            "body",
            "text that a chat user sent",
            *below("discord.Message.", "content", "clean_content", "system_content"),
            *below("aiogram.types.", "CallbackQuery.data", "InlineQuery.query", "Message.text", "Message.caption"),
            *below("aiogram.types.Message.", "get_command()", "get_full_command()", "get_args()"),
            *below("telegram.Update.", "callback_query.data", "inline_query.query", "message.text", "effective_message.text"),
            *below("telegram.", "CallbackQuery.data", "Message.text"),
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
            "discord.Interaction.channel_id",
            advice="nothing: the name of a command or a category tells more",
        ),
    ),
)
