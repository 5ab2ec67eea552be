initAll()
