package io.millrace.transport.websocket;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.util.concurrent.TimeUnit;

/** How many pings a peer may send in a second. The connection's thread. */
final class PingLimit {
    private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private long windowStartNs;
    private int count;

    PingLimit(final int perSecond) {
        this.perSecond = perSecond;
    }

    void count(final long nowNs) {
        if (count == 0 || nowNs - windowStartNs >= WINDOW_NS) {
            windowStartNs = nowNs;
            count = 0;
        }
        if (++count > perSecond) {
            throw new ProtocolException(CloseReason.PING_FLOOD, "too many pings: maxPingsPerSecond=" + perSecond);
        }
    }
}
