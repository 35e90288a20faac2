"""The stand-in's HTTP side: the Web API, files, WebSockets, and the page with its calls."""
