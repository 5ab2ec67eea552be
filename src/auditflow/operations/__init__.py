"""What keeps a store well: doctor, backups, sweeping."""
