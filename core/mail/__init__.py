"""Mail in and out: a parser that never raises, threading, bounces, loops, and the transactional transport."""
