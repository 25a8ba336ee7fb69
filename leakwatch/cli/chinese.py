"""click in Chinese: headings of the help pages and the sentences for wrong usage."""

from __future__ import annotations

import difflib
from typing import Any

import click

from leakwatch.errors import UsageError

_HELP = "显示这段说明"


class Command(click.Command):
    """A command whose help page is Chinese."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[选项]", **kwargs})

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """用法： instead of Usage:."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), "用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """选项 instead of Options."""
        options = [
            record
            for parameter in self.get_params(ctx)
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx))
        ]
        with formatter.section("选项"):
            formatter.write_dl(options)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help with a Chinese sentence."""
        option = super().get_help_option(ctx)
        if option:
            option.help = _HELP
        return option


class Group(Command, click.Group):
    """A group of commands whose help page is Chinese; called with nothing, it shows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"subcommand_metavar": "命令 …", **kwargs})

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """命令 instead of Commands; that --help shows this is seen, and the page is to fit a screen."""
        shown = {name: command for name, command in self.commands.items() if not command.hidden}
        with formatter.section("命令"):
            formatter.write_dl([(name, command.help or "") for name, command in shown.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without a command: the help page, as wrong usage."""
        if not args:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(UsageError.exit_code)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or a sentence that names the nearest one."""
        if args[0] not in self.commands:
            known = f"，可用的命令：{'、'.join(self.commands)}"
            raise UsageError(f"没有命令 {args[0]}{_nearest(args[0], list(self.commands)) or known}")
        return super().resolve_command(ctx, args)


def sentence(why: click.UsageError) -> str:
    """What was wrong with the call, and where the help is."""
    command = why.ctx.command_path if why.ctx else "leakwatch"
    return f"{_wrong(why)}；用法见 {command} --help"


def _wrong(why: click.UsageError) -> str:
    match why:
        case click.NoSuchOption(option_name=name):
            options = [text for p in why.ctx.command.params for text in p.opts] if why.ctx else []
            return f"没有选项 {name}{_nearest(name, options)}"
        case click.MissingParameter(param=click.Parameter() as parameter):
            return f"缺少 {_name(parameter)}"
        case click.BadParameter(param=click.Parameter() as parameter):
            return f"{_name(parameter)} 的值不对，应为{_expected(parameter.type)}"
        case click.BadOptionUsage(option_name=name):
            return f"选项 {name} 的写法不对：要么缺少值，要么多写了值"
        case _:
            return f"参数不对（{why.format_message()}）"


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"，是否想写 {near[0]}" if near else ""


def _name(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Argument):
        return str(parameter.metavar or parameter.name).rstrip("…")
    return parameter.opts[0]


def _expected(kind: click.ParamType[Any]) -> str:
    match kind:
        case click.Choice(choices=choices):
            return f" {'、'.join(map(str, choices))} 之一"
        case click.IntRange(min=least, max=most):
            return f"整数（{least}–{most}）"
        case _:
            return "可用的值"
