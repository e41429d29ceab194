package io.millrace.transport.websocket;

import io.millrace.session.AttributeMap;
import io.millrace.transport.Connection;
import io.millrace.transport.Conversation;
import io.millrace.transport.SlowConsumerPolicy;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A conversation's way to a connection that keeps what it is told, and takes it unless the test says otherwise. */
final class FakeLink implements Conversation.Link {
    private final Map<Integer, FakeLane> lanes = new HashMap<>();
    final List<byte[]> controls = new ArrayList<>();
    final FakeFragments fragments = new FakeFragments();
    boolean isFull;
    boolean isClosed;
    boolean isHeld;
    long nowNs;
    int wakes;

    /** What else happens when it is woken, on the thread that wakes. */
    Runnable onWake = () -> {};

    SlowConsumerPolicy policy = SlowConsumerPolicy.REPORT;

    private final AttributeMap attributes = new AttributeMap();
    private final Connection connection = (Connection) Proxy.newProxyInstance(
            FakeLink.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "attributes" -> attributes;
                case "isClosed" -> isClosed;
                case "close" -> {
                    isClosed = true;
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> 1;
                case "toString" -> "fake";
                default -> throw new UnsupportedOperationException(method.getName());
            });

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public boolean sendControl(final ByteBuffer frame) {
        return !isFull && controls.add(FakeLane.copy(frame, frame.position(), frame.remaining()));
    }

    @Override
    public FakeLane lane(final int form) {
        return lanes.computeIfAbsent(form, each -> new FakeLane());
    }

    @Override
    public Optional<Conversation.Fragments> fragments() {
        return isHeld ? Optional.empty() : Optional.of(fragments);
    }

    @Override
    public SlowConsumerPolicy slowConsumerPolicy() {
        return policy;
    }

    @Override
    public void wake() {
        wakes++;
        onWake.run();
    }
}
