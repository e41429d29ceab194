package io.millrace.ring;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a broadcast's reader was told, in order, as text. */
final class Feed implements BroadcastHandler {
    final List<String> events = new ArrayList<>();

    @Override
    public void onRecord(final ByteBuffer buffer, final int offset, final int length) {
        events.add(Text.text(buffer, offset, length));
    }

    @Override
    public void onMissed(final long records, final long bytes) {
        events.add("missed " + records + " records, " + bytes + " bytes");
    }

    static List<String> read(final BroadcastReader reader) {
        final Feed feed = new Feed();
        reader.read(feed, Integer.MAX_VALUE);
        return feed.events;
    }
}
