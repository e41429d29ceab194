package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.channel.ChannelScheme;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpSchemeTest {
    private static void assertRefused(final ChannelScheme scheme, final String behind) {
        final URI uri = URI.create(scheme.name() + "://" + behind);
        // Nothing is opened, so that no options are needed.
        for (final IllegalArgumentException ex : new IllegalArgumentException[] {
            assertThrows(IllegalArgumentException.class, () -> scheme.bind(uri, null)),
            assertThrows(IllegalArgumentException.class, () -> scheme.connect(uri, null))
        }) {
            assertTrue(ex.getMessage().contains(uri.toString()), ex::getMessage);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:9/", "localhost:9/path", "localhost:9?x=1", "localhost:9#f", "user@localhost:9"})
    void shouldRefuseWhatBelongsToNoAddress(final String behind) {
        assertRefused(new TcpScheme(), behind);
        assertRefused(new TlsScheme(), behind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user@localhost:9/path", "localhost:99999/path", "under_score:9"})
    void shouldRefuseABadAddressOfAWebSocket(final String behind) {
        assertRefused(new WsScheme(), behind);
        assertRefused(new WssScheme(), behind);
    }
}
