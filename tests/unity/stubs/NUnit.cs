// Reference declarations of the test framework that comes with the engine: names and types, no behaviour.
using System;

namespace NUnit.Framework
{
    public class TestAttribute : Attribute { }

    public class Assert
    {
        public static void AreEqual(object expected, object found) { }
        public static void IsTrue(bool condition) { }
    }
}
