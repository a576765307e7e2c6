using System;
using FaceBridge.Wire;
using UnityEngine;

namespace FaceBridge
{
    /// <summary>FLAME parameters set by a script, from a tracker say.</summary>
    [AddComponentMenu("FaceBridge/FLAME Source")]
    public sealed class FlameSource : CurveSource
    {
        /// <summary>Expression coefficients there are room for.</summary>
        public const int Coefficients = 50;

        readonly float[] parameters = new float[Bases.CurvesOf(Bases.Flame55).Length];

        /// <inheritdoc/>
        public override string Basis
        {
            get { return Bases.Flame55; }
        }

        /// <summary>Up to 50 expression coefficients, about -3 .. 3; those left out are 0.</summary>
        public void SetExpression(float[] coefficients)
        {
            Array.Clear(parameters, 0, Coefficients);
            Array.Copy(coefficients, parameters, Math.Min(coefficients.Length, Coefficients));
        }

        /// <summary>0 open .. 1 shut, each the performer's own side.</summary>
        public void SetEyelids(float left, float right)
        {
            parameters[Coefficients] = left;
            parameters[Coefficients + 1] = right;
        }

        /// <summary>Radians, axis-angle; x from 0 opens.</summary>
        public void SetJaw(Vector3 rotation)
        {
            parameters[Coefficients + 2] = rotation.x;
            parameters[Coefficients + 3] = rotation.y;
            parameters[Coefficients + 4] = rotation.z;
        }

        /// <inheritdoc/>
        public override bool Read(float[] values)
        {
            parameters.CopyTo(values, 0);
            return true;
        }
    }
}
