package io.millrace.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.millrace.transport.channel.MessageOptions;
import java.net.URI;
import org.junit.jupiter.api.Test;

class AeronChannelTest {
    /** A thread's first offer may ask for a sender while the connection's thread closes all: it is to hear CLOSED, not to fail. */
    @Test
    void shouldNotFailWhoAsksForASenderWhenTheChannelIsClosed() {
        final AeronChannel channel = new AeronChannel(
                new Drivers(new AeronContext().conclude()),
                AeronUri.parse(URI.create("aeron:ipc"), 1),
                new MessageOptions(1_000, 10_000, 1, () -> 0),
                client -> null);
        channel.close();
        assertNull(channel.newSender());
    }
}
