package io.millrace.jmh.connection;

/** What lies between the messages and the socket. */
public enum Security {
    PLAIN,
    TLS
}
