"""The campaign sender: message compiled once, pipelined SMTP, a journal for crashes, signed links."""
