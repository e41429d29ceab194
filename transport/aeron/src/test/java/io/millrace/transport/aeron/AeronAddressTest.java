package io.millrace.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AeronAddressTest {
    @Test
    void shouldBeTheSameForTheSameStreamOfTheSameChannel() {
        final AeronAddress address = new AeronAddress("aeron:ipc", 9);
        assertEquals("aeron:ipc", address.channel());
        assertEquals(9, address.streamId());
        assertEquals(new AeronAddress("aeron:ipc", 9), address);
        assertEquals(Objects.hash("aeron:ipc", 9), address.hashCode());
        assertNotEquals(new AeronAddress("aeron:ipc", 8), address);
        assertNotEquals(new AeronAddress("aeron:ipc?alias=x", 9), address);
        assertNotEquals(new InetSocketAddress(9), address);
    }

    @Test
    void shouldReadAddressesAsAeronWritesThem() {
        assertEquals("/127.0.0.1:5", Addresses.parse("127.0.0.1:5").toString());
        assertEquals("/[0:0:0:0:0:0:0:1]:65535", Addresses.parse("[::1]:65535").toString());
    }
}
