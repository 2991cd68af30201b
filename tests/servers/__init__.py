"""Reference servers: they honour an API's contract, with a real llama.cpp behind them."""
