"""The browser's capabilities behind Berth's ports: the only rooms that import js, pyodide or pyscript."""
