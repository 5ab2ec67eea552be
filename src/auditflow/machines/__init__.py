"""The flow charts as explicit state machines, what runs them, and what replays them."""
