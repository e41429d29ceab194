package io.millrace.transport.agent;

import io.millrace.transport.channel.MessageEngine;
import io.millrace.transport.channel.MessageScheme;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.CloseHelper;

/** The engines of a transport, of which none is there before it is needed. Any thread; lock-free, apart from opening one. */
final class MessageEngines {
    private final AtomicReference<Map<MessageScheme, MessageEngine>> opened = new AtomicReference<>(Map.of());

    MessageEngine of(final MessageScheme scheme) {
        final MessageEngine there = opened.get().get(scheme);
        if (there != null) {
            return there;
        }
        final MessageEngine mine = scheme.open();
        while (true) {
            final Map<MessageScheme, MessageEngine> now = opened.get();
            final MessageEngine other = now.get(scheme);
            if (other != null) {
                mine.close();
                return other;
            }
            final Map<MessageScheme, MessageEngine> next = new HashMap<>(now);
            next.put(scheme, mine);
            if (opened.compareAndSet(now, Map.copyOf(next))) {
                return mine;
            }
        }
    }

    /** Idempotent; what is opened from here on is closed by another call. */
    void close() {
        CloseHelper.closeAll(opened.getAndSet(Map.of()).values());
    }
}
