using NUnit.Framework;
using UnityEngine;

namespace FaceBridge.Tests
{
    /// <summary>What needs a real engine: components without a server, and their end.</summary>
    public sealed class FaceBridgeStreamTests
    {
        [Test]
        public void A_component_that_is_destroyed_leaves_no_client()
        {
            var face = new GameObject("face");
            face.AddComponent<FaceBridgeStream>();
            Object.DestroyImmediate(face);
            Assert.AreEqual(0, LiveClients.Count);
        }

        [Test]
        public void A_script_source_writes_what_was_set()
        {
            var face = new GameObject("face");
            ScriptSource source = face.AddComponent<ScriptSource>();
            source.SetCurve("jawOpen", 0.5f);
            var values = new float[55];
            Assert.IsTrue(source.Read(values));
            Assert.AreEqual(0.5f, values[17]);
            Object.DestroyImmediate(face);
        }
    }
}
