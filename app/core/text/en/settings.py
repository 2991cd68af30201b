"""English: settings, addresses and parameters."""

TEXTS: dict[str, str] = {
    "address.unreadable.what": "“{typed}” is not an address.",
    "address.unreadable.cause": "A base URL is http:// or https://, a host, a port where it is not the usual one, and a path.",
    "address.unreadable.fix": "For the local API that is http://127.0.0.1:5000/api/v1 unless you changed it.",
    "address.extras.what": "This address holds more than an address.",
    "address.extras.cause": "User names, passwords, queries and fragments do not belong in a base URL.",
    "address.extras.fix": "Leave only scheme, host, port and path.",
    "parameter.not_integer.what": "{label} is not a whole number.",
    "parameter.not_integer.cause": "“{typed}” cannot be read as one.",
    "parameter.not_integer.fix": "Type a whole number, or nothing for the server's default.",
    "parameter.not_number.what": "{label} is not a number.",
    "parameter.not_number.cause": "“{typed}” cannot be read as one.",
    "parameter.not_number.fix": "Type a number, or nothing for the server's default.",
    "parameter.bounds.what": "{label} is out of bounds.",
    "parameter.bounds.cause": "It goes from {low} to {high}.",
    "parameter.bounds.fix": "Choose a value between these, or none for the server's default.",
    "parameter.placeholder.what": "{label} does not contain {placeholder}.",
    "parameter.placeholder.cause": "Without it the server would leave out your question.",
    "parameter.placeholder.fix": "Put {placeholder} where the question belongs.",
}
