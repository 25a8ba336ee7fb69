"""`serve`: the review page alone; `user`: its accounts."""

from __future__ import annotations

import os
from pathlib import Path

import click

from leakwatch.cli import output, settings, stopping
from leakwatch.cli.chinese import Command, Group
from leakwatch.cli.road import Road
from leakwatch.config import load
from leakwatch.daemon import instance
from leakwatch.daemon.logbook import keep_log
from leakwatch.errors import UsageError

_ROLES = ("owner", "reviewer", "office", "auditor", "admin")
_ASKS_S = 0.5


@click.command(cls=Command, help="只打开审核页面，不监视文件夹")
@settings.option
@click.pass_obj
def serve(road: Road, /, config_file: Path | None) -> None:
    """Until it is interrupted."""
    config, environ = load(config_file, os.environ), dict(os.environ)
    road.open_page(config)
    click.echo(f"审核页面：http://{config.web.host}:{config.web.port}/ ，按 Ctrl+C 停止。", err=True)
    stop = stopping.until_signals(lambda: None)
    server = road.start_page(config, config_file, environ)
    # A signal that comes as the process wakes from a stop goes to any thread, and does not end this one's wait.
    while not stop.wait(_ASKS_S):
        pass
    server.close()


@click.command(cls=Command, hidden=True, help="和别的进程一起回应页面（由 run、serve 启动）")
@click.option("--parent", type=int, default=0)
@click.option("--sockets", required=True)
@settings.option
@click.pass_obj
def page(road: Road, /, parent: int, sockets: str, config_file: Path | None) -> None:
    """Until the process that wanted it is gone."""
    config = load(config_file, os.environ)
    stop = stopping.until_signals(lambda: None)
    road.join_page(config)
    keep_log(config.paths.data_dir, "page")
    server = road.join_serving(config, [int(one) for one in sockets.split(",")])
    lives = instance.has_parent(parent)
    while lives() and not stop.wait(_ASKS_S):
        pass
    server.close()


@click.group("user", cls=Group, help="审核页面的账号")
def user() -> None:
    """The group of the three commands."""


@user.command("add", cls=Command, help="新建账号，显示一次性密码")
@click.argument("username", metavar="用户名")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="群主、审核员、保密办、审计员或管理员")
@settings.option
@click.pass_obj
def add(road: Road, /, username: str, role: str, config_file: Path | None) -> None:
    """The password, once."""
    road.open_store(load(config_file, os.environ))
    from leakwatch.store import accounts  # the tables need Django ready
    from leakwatch.store.models import Role
    from leakwatch.vault import system_clock

    password = accounts.create("shell", username, Role(role), system_clock())
    output.write(f"{username} 的一次性密码：{password}（只显示这一次，第一次登录后须更换）\n", None)


@user.command("passwd", cls=Command, help="重设密码，显示一次性密码")
@click.argument("username", metavar="用户名")
@settings.option
@click.pass_obj
def passwd(road: Road, /, username: str, config_file: Path | None) -> None:
    """The password, once."""
    road.open_store(load(config_file, os.environ))
    from leakwatch.store import accounts
    from leakwatch.store.models import User
    from leakwatch.vault import system_clock

    account = User.objects.filter(username=username).first()
    if account is None:
        raise UsageError(f"没有账号 {username}，用 leakwatch user list 查看")
    password = accounts.reset_password("shell", account, system_clock())
    output.write(f"{username} 的一次性密码：{password}\n", None)


@user.command("list", cls=Command, help="列出账号")
@settings.option
@click.pass_obj
def listed(road: Road, /, config_file: Path | None) -> None:
    """One account a line."""
    road.open_store(load(config_file, os.environ))
    from leakwatch.store.models import User

    lines = [
        f"{account.username}\t{account.get_role_display()}\t{'可用' if account.is_active else '已停用'}\n"
        for account in User.objects.order_by("username")
    ]
    output.write("".join(lines) or "还没有账号；第一次运行 leakwatch serve 时会建立管理员。\n", None)
