using FaceBridge.Wire;
using UnityEngine;

namespace FaceBridge
{
    /// <summary>The blend shapes of a mesh, found by their ARKit names in the spellings of <see cref="BlendShapeNames"/>.</summary>
    [AddComponentMenu("FaceBridge/Blend Shape Source")]
    public sealed class BlendShapeSource : HeadSource
    {
        /// <summary>The mesh that is animated.</summary>
        [Tooltip("The mesh whose blend shapes are animated.")]
        public SkinnedMeshRenderer mesh;

        /// <summary>The weight of a full expression: 100 as Unity imports meshes, 1 for some rigs.</summary>
        [Tooltip("The weight of a full expression: 100 as Unity imports meshes, 1 for some rigs.")]
        public float fullWeight = 100f;

        Mesh matched;
        int[] shapes;

        /// <summary>How many of the 52 curves the mesh has.</summary>
        public int Matched { get; private set; }

        /// <inheritdoc/>
        public override bool Read(float[] values)
        {
            if (mesh == null || mesh.sharedMesh == null || fullWeight == 0f)
                return false;
            if (mesh.sharedMesh != matched)
                Match(mesh.sharedMesh);
            for (int curve = 0; curve < shapes.Length; curve++)
                values[curve] = shapes[curve] < 0 ? 0f : mesh.GetBlendShapeWeight(shapes[curve]) / fullWeight;
            ReadHead(values);
            return Matched > 0;
        }

        void Match(Mesh shared)
        {
            matched = shared;
            var names = new string[shared.blendShapeCount];
            for (int shape = 0; shape < names.Length; shape++)
                names[shape] = shared.GetBlendShapeName(shape);
            shapes = BlendShapeNames.Match(names);
            Matched = 0;
            foreach (int shape in shapes)
                Matched += shape >= 0 ? 1 : 0;
            if (Matched == 0)
                Debug.LogWarning(shared.name + " has no blend shape with an ARKit name such as jawOpen: the face will not move.", this);
        }
    }
}
