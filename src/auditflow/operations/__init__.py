"""What keeps a store well: doctor, backups, the sweep's loop and the workers."""
