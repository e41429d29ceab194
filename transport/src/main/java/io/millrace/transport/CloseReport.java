package io.millrace.transport;

import java.util.Optional;

/**
 * How a connection ended. Every accepted message is either flushed or undelivered:
 * {@code accepted = flushed + undelivered}.
 *
 * @param reason      why it ended.
 * @param detail      the reason with its values, for a person.
 * @param firstError  the first error, if one ended it.
 * @param accepted    messages that an offer answered with a position.
 * @param flushed     messages of those that were handed to the operating system whole; whether they reached the peer only
 *                    the peer can say.
 * @param undelivered accepted messages that were not.
 */
public record CloseReport(
        CloseReason reason,
        String detail,
        Optional<Throwable> firstError,
        long accepted,
        long flushed,
        long undelivered) {}
