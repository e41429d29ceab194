package io.millrace.tests.endtoend;

import io.millrace.transport.Driving;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_21)
class BadPeerOnVirtualThreadTest extends BadPeer {
    BadPeerOnVirtualThreadTest() {
        super(Driving.VIRTUAL_THREAD);
    }
}
