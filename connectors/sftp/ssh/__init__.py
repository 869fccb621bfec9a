"""The wire: SSH connections and the SFTP sessions on them. Only this package knows asyncssh."""
