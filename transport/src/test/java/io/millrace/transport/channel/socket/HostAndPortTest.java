package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a%2Fb", "/a?b=%26&c=%25", "/%C3%A4#f%23", "?x"})
    void shouldLeaveAllButThePortAsItWas(final String behind) {
        assertEquals(
                "ws://[::1]:9" + behind,
                HostAndPort.withPort(URI.create("ws://[::1]:0" + behind), 9).toString());
        assertEquals(
                "ws://h:80" + behind,
                HostAndPort.withUsualPort(URI.create("ws://h" + behind), 80).toString());
    }
}
