package io.millrace.transport;

import java.util.Collection;

/**
 * What happened on many connections together, as it was at one moment or, of those that were living, shortly after.
 *
 * @param messagesIn    sum of {@link ConnectionCounters#messagesIn()}.
 * @param bytesIn       sum of {@link ConnectionCounters#bytesIn()}.
 * @param messagesOut   sum of {@link ConnectionCounters#messagesOut()}.
 * @param bytesOut      sum of {@link ConnectionCounters#bytesOut()}.
 * @param backPressured sum of {@link ConnectionCounters#backPressured()}.
 * @param dropped       sum of {@link ConnectionCounters#dropped()}.
 * @param tooLong       sum of {@link ConnectionCounters#tooLong()}.
 * @param slowConsumer  sum of {@link ConnectionCounters#slowConsumer()}.
 * @param idle          sum of {@link ConnectionCounters#idle()}.
 * @param heartbeats    sum of {@link ConnectionCounters#heartbeats()}.
 */
public record ConnectionTotals(
        long messagesIn,
        long bytesIn,
        long messagesOut,
        long bytesOut,
        long backPressured,
        long dropped,
        long tooLong,
        long slowConsumer,
        long idle,
        long heartbeats)
        implements ConnectionCounters {
    static final ConnectionTotals NONE = new ConnectionTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    ConnectionTotals plus(final ConnectionCounters other) {
        return new ConnectionTotals(
                messagesIn + other.messagesIn(),
                bytesIn + other.bytesIn(),
                messagesOut + other.messagesOut(),
                bytesOut + other.bytesOut(),
                backPressured + other.backPressured(),
                dropped + other.dropped(),
                tooLong + other.tooLong(),
                slowConsumer + other.slowConsumer(),
                idle + other.idle(),
                heartbeats + other.heartbeats());
    }

    ConnectionTotals plusAll(final Collection<? extends ConnectionCounters> others) {
        ConnectionTotals sum = this;
        for (final ConnectionCounters other : others) {
            sum = sum.plus(other);
        }
        return sum;
    }
}
