package io.millrace.jmh.connection;

/** What lies between the messages and the socket. */
enum Security {
    PLAIN,
    TLS
}
