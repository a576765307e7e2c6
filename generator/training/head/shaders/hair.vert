#version 330
in vec3 position;
in vec3 normal;
in vec3 tangent;
in vec2 strand;
in vec3 lock;
in float follow;
out vec3 P, N, T, K;
out vec2 UV;
#include "turn.glsl"
#include "camera.glsl"

void main() {
    mat3 turn = turned(follow);
    P = turn * (position - pivot) + pivot;
    N = turn * normal;
    T = turn * tangent;
    K = lock;
    UV = strand;
    gl_Position = to_clip(P);
}
