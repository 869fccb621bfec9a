"""sandbox: keeps an S3 server running."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "sandbox",
        help="keep an S3 server running",
        description="Keeps an S3 server running on this machine, its buckets made on demand, until it is stopped.",
    )
    parser.add_argument("--port", type=int, default=0, help="a fixed port instead of a free one")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """Print the address and serve until SIGINT or SIGTERM."""
    import signal

    from connector_sdk import ConfigError
    from process_runner.console.errors import UsageError
    from process_runner.engine.garbage import seldom_collected
    from process_runner.sandbox import sandbox

    if not 0 <= given.port < 1 << 16:
        raise UsageError(f"port {given.port} cannot be used: ports are 1 to 65535")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with seldom_collected(), sandbox(given.port) as server:
            print(server.endpoint_url, flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except ConfigError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"port {given.port} cannot be used: {error.strerror}") from error
    return 0
