"""`storyline rights`: the commands that give each service its rights."""

import click

from ..rights import RIGHTS, Rights
from .common import json_option, print_json


@click.command()
@click.argument("service", type=click.Choice(list(RIGHTS)), required=False)
@click.option("--principal", help="The service's principal; else User:SERVICE. With mutual TLS like User:CN=matcher.")
@json_option
def rights(service: str | None, principal: str | None, as_json: bool) -> None:
    """What each service may do on Kafka and in Redis, as commands of kafka-acls and redis-cli."""
    chosen = {service: RIGHTS[service]} if service else RIGHTS
    if principal and not service:
        raise click.UsageError("--principal needs a SERVICE")
    if as_json:
        print_json({"services": {name: _report(each) for name, each in chosen.items()}})
        return
    for name, each in chosen.items():
        click.echo(f"# {name}: {each.about}")
        for acl in each.kafka():
            click.echo(f"kafka-acls --add --allow-principal {principal or f'User:{name}'} {acl.arguments()}")
        if words := each.redis():
            quoted = " ".join(f"'{word}'" if set(word) & set("{}*~>|") else word for word in words)
            click.echo(f'redis-cli ACL SETUSER {name} on ">$PASSWORD" {quoted}')


def _report(rights: Rights) -> dict[str, object]:
    kafka = [
        {"operation": acl.operation, "resource": acl.resource, "name": acl.name, "prefixed": acl.prefixed}
        for acl in rights.kafka()
    ]
    return {"about": rights.about, "kafka": kafka, "redis": rights.redis()}
