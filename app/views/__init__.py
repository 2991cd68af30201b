"""One module per region of the page: state to DOM, user events to services."""
