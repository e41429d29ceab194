package io.millrace.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressFilterTest {
    private static boolean allows(final AddressFilter filter, final String address) {
        return filter.allows(new InetSocketAddress(Cidr.address(address), 1));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24,     192.0.2.0,        true",
        "192.0.2.0/24,     192.0.2.255,      true",
        "192.0.2.0/24,     192.0.3.0,        false",
        "192.0.2.128/25,   192.0.2.127,      false",
        "192.0.2.128/25,   192.0.2.128,      true",
        "192.0.2.1,        192.0.2.1,        true",
        "192.0.2.1/32,     192.0.2.2,        false",
        "0.0.0.0/0,        255.255.255.255,  true",
        "0.0.0.0/0,        ::1,              false",
        "::/0,             ::1,              true",
        "::/0,             192.0.2.1,        false",
        "2001:db8::/33,    2001:db8:7fff::1, true",
        "2001:db8::/33,    2001:db8:8000::1, false",
        "2001:db8::1,      2001:db8::1,      true",
        "192.0.2.0/24,     ::ffff:192.0.2.7, true",
        "::ffff:192.0.2.0/120, 192.0.2.7,    true",
        "::ffff:192.0.2.0/120, 192.0.3.7,    false",
        "::ffff:0:0/96,    10.1.2.3,         true",
    })
    void shouldCompareLeadingBits(final String range, final String address, final boolean contained) {
        assertEquals(contained, Cidr.parse(range).contains(Cidr.address(address)));
        assertEquals(Cidr.parse(range), Cidr.parse(Cidr.parse(range).toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "x",
                "localhost",
                "localhost/8",
                "192.0.2.0/",
                "192.0.2.0/33",
                "192.0.2.0/-1",
                "192.0.2.0/08",
                "192.0.2.0/+8",
                "192.0.2.0/2x",
                "192.0.2.0/24/1",
                "192.0.2.1/24",
                "192.0.2",
                "192.0.2.256",
                "192.0.2.01",
                "192.0.2.1.1",
                "1922",
                "192.0.2.1 ",
                "::g",
                ":::",
                "::1/129",
                "2001:db8::1/32",
                "fe80::1%1",
                "::ffff:192.0.2.0/95",
                "[::1]",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7",
                "\u0661.0.2.1"
            })
    void shouldNameTheTextWhenItIsNoRange(final String text) {
        final IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> Cidr.parse(text));
        assertTrue(failure.getMessage().contains("cidr=" + text), failure.getMessage());
    }

    /** A look-up's failure would be the cause. */
    @Test
    void shouldLookUpNothing() {
        assertNull(assertThrows(IllegalArgumentException.class, () -> Cidr.address(".:1"))
                .getCause());
    }

    @Test
    void shouldAllowAllWhenThereIsNoRule() {
        assertTrue(allows(AddressFilter.ALL, "192.0.2.1"));
        assertTrue(allows(AddressFilter.ALL, "::1"));
    }

    @Test
    void shouldDenyOnlyWhatIsNamedWhenNothingIsAllowed() {
        final AddressFilter filter = AddressFilter.ALL.deny("192.0.2.0/24");
        assertFalse(allows(filter, "192.0.2.9"));
        assertTrue(allows(filter, "192.0.3.9"));
        assertTrue(allows(filter, "::1"));
    }

    @Test
    void shouldAllowOnlyWhatIsNamedWhenSomethingIsAllowed() {
        final AddressFilter filter = AddressFilter.ALL.allow("192.0.2.0/24");
        assertTrue(allows(filter, "192.0.2.9"));
        assertFalse(allows(filter, "192.0.3.9"));
        assertFalse(allows(filter, "::1"));
    }

    @Test
    void shouldLetTheMostExactRangeDecideWhateverTheOrder() {
        final AddressFilter filter =
                AddressFilter.ALL.allow("10.1.2.3").deny("10.1.0.0/16").allow("10.0.0.0/8");
        assertTrue(allows(filter, "10.2.0.1"));
        assertFalse(allows(filter, "10.1.0.1"));
        assertTrue(allows(filter, "10.1.2.3"));
        assertFalse(allows(filter, "11.0.0.1"));
    }

    @Test
    void shouldDenyWhenTwoRangesAreEquallyExact() {
        assertFalse(allows(AddressFilter.ALL.deny("10.0.0.0/8").allow("10.0.0.0/8"), "10.0.0.1"));
        assertFalse(allows(AddressFilter.ALL.allow("10.0.0.0/8").deny("10.0.0.0/8"), "10.0.0.1"));
    }

    @Test
    void shouldAllowWhoeverHasNoIpAddress() {
        assertTrue(AddressFilter.ALL.allow("10.0.0.0/8").allows(UnixDomainSocketAddress.of("/x")));
    }

    @Test
    void shouldNotChangeWhenARuleIsAdded() {
        final AddressFilter filter = AddressFilter.ALL.allow("10.0.0.0/8");
        filter.deny("10.0.0.0/8");
        assertTrue(allows(filter, "10.0.0.1"));
        assertEquals("[allow 10.0.0.0/8]", filter.toString());
    }
}
